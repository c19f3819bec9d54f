// SPDX-License-Identifier: Apache-2.0
// The routes of openapi.json as types: which paths a method has, what a call of one takes, and what it answers.
import type { paths } from "./generated/api";

export type Method = "get" | "post" | "delete";
// By the path without the /api/v1 that all have.
type Routes = { [Whole in keyof paths as Whole extends `/api/v1${infer Path}` ? Path : never]: paths[Whole] };
export type PathOf<M extends Method> = { [P in keyof Routes]: Routes[P] extends Record<M, object> ? P : never }[keyof Routes];

type Json<Part> = Part extends { content: { "application/json": infer Value } } ? Value : never;

// never: the route takes no body.
export type Body<P extends PathOf<M>, M extends Method = "post"> = Routes[P][M] extends { requestBody?: infer Request } ? Json<NonNullable<Request>> : never;
export type Answer<P extends PathOf<M>, M extends Method = "get"> = Routes[P][M] extends { responses: infer Codes }
  ? 204 extends keyof Codes
    ? undefined
    : Json<Codes[keyof Codes & (200 | 201 | 202)]>
  : never;

// `at`: the path's parts in braces. openapi.json does not say that a declared body is required; here it is, unless all of it
// may be absent.
type At<P extends PathOf<M>, M extends Method> = Routes[P][M] extends { parameters: { path: infer Names } }
  ? { at: { [Name in keyof Names]: string | number } }
  : { at?: never };
type Sent<Value> = [Value] extends [never] ? { body?: never } : object extends Value ? { body?: Value } : { body: Value };
export type Input<P extends PathOf<M>, M extends Method> = At<P, M> & Sent<Body<P, M>>;

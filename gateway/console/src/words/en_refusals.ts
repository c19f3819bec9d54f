// SPDX-License-Identifier: Apache-2.0
// English for sign-ins and refused sign-ins and requests in the journal.
import type { id_refusals } from "./id_refusals";

export const en_refusals: Record<keyof typeof id_refusals, string> = {
  "event.session_opened_from": "{actor} signed in from {address} ({device})",
  "event.sign_in_refused": "Sign-in failed from {address}: {what}. Account: {account}, {device}{times}",
  "event.request_refused": "Request {route} from {address} refused: {what}. Account: {account}{times}",
  "refusal.wrong": "wrong name or password",
  "refusal.disabled": "the account is disabled",
  "refusal.throttled": "too many attempts",
  "refusal.code": "wrong setup code",
  "refusal.no_session": "unknown session",
  "refusal.ended": "the session has ended",
  "refusal.role": "the role may not do this",
  "refusal.origin": "sent by another site",
  "refusal.times": " ({n} times)",
  "refusal.account.unknown": "unknown",
  "refusal.address.several": "several addresses",
  "refusal.address.local": "this machine",
  "refusal.route.several": "to several routes",
  "refusal.device.known": "known device",
  "refusal.device.unknown": "unknown device",
};

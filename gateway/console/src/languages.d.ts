// SPDX-License-Identifier: Apache-2.0
// Made by the build of the files in config/locale: ../locale.mjs.
declare module "virtual:languages" {
  type Sentence = string | ((fill: Record<string, string | number>) => string);
  export const languages: Record<string, { name: string; load: () => Promise<{ default: Record<string, Sentence> }> }>;
}

// A page that a bundler made of the library, as a user's would be: it runs what the tests ask for.

import { answerInPage } from "./answer-all.ts";
import { runCases } from "./run-cases.ts";

declare global {
  var library: { answerInPage: typeof answerInPage; runCases: typeof runCases };
}

globalThis.library = { answerInPage, runCases };

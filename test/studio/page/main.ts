// A page that a bundler made of the library, as a user's would be: it runs what the tests ask for.

import { answerAll, type Question } from "./answer-all.ts";
import { runCases, type SentCase } from "./run-cases.ts";

declare global {
  var library: { answerAll: typeof answerAll; runCases: typeof runCases };
}

globalThis.library = { answerAll, runCases };

export type { Question, SentCase };

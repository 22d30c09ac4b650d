// The texts in the language that is chosen.

import type { Language } from "../state/preferences.ts";
import { useStudio } from "../state/studio.ts";
import { type Catalogue, en } from "./en.ts";
import { ko } from "./ko.ts";

const catalogues: Readonly<Record<Language, Catalogue>> = { en, ko };

export function textOf(language: Language): Catalogue {
  return catalogues[language];
}

export function useText(): Catalogue {
  return textOf(useStudio((state) => state.language));
}

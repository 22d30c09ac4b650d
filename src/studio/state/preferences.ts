// Language and theme: what the browser prefers, until the user says otherwise. Kept in this browser only.

export type Language = "en" | "ko";
export type Theme = "auto" | "light" | "dark";

export const languages: readonly Language[] = ["en", "ko"];
export const themes: readonly Theme[] = ["auto", "light", "dark"];

export function preferredLanguage(): Language {
  return stored("language", languages) ?? (navigator.language.startsWith("ko") ? "ko" : "en");
}

export function preferredTheme(): Theme {
  return stored("theme", themes) ?? "auto";
}

/** Keeps a choice; a browser that allows no storage just forgets it. */
export function keep(name: "language" | "theme", value: string): void {
  try {
    localStorage.setItem(`pellucid-${name}`, value);
  } catch {
    // Private windows and blocked storage: the choice holds until the page is closed.
  }
}

function stored<T extends string>(name: string, allowed: readonly T[]): T | undefined {
  try {
    return allowed.find((value) => value === localStorage.getItem(`pellucid-${name}`));
  } catch {
    return undefined;
  }
}

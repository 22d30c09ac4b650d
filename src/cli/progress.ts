// A progress bar on stderr: on a terminal only, redrawn at most ten times a second, gone when the work is done.

export interface Progress {
  /** Says how far the work is: `done` of `total`. */
  update(done: number, total: number): void;
  /** Takes the bar off the screen. */
  end(): void;
}

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const INTERVAL = 100;
const none: Progress = { update: () => undefined, end: () => undefined };

export function progressBar(label: string, screen: Screen, enabled = true): Progress {
  if (!enabled || !screen.isTTY) return none;
  const start = Date.now();
  let drawn = 0;
  return {
    update(done, total) {
      const now = Date.now();
      if (done < total && now - drawn < INTERVAL) return;
      drawn = now;
      screen.write(`\r\x1b[2K${barLine(label, done, total, (now - start) / 1000, screen.columns || 80)}`);
    },
    end: () => void screen.write("\r\x1b[2K"),
  };
}

/** `block3_conv1  ███████░░░░░  58 %  12 s left`, never wider than the screen. */
export function barLine(label: string, done: number, total: number, seconds: number, columns: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const left = share > 0 && share < 1 ? `  ${Math.ceil((seconds * (1 - share)) / share)} s left` : "";
  const tail = `${String(Math.floor(share * 100)).padStart(4)} %${left}`;
  const width = Math.max(0, Math.min(30, columns - label.length - tail.length - 4));
  const full = Math.round(share * width);
  return `${label}  ${"█".repeat(full)}${"░".repeat(width - full)}${tail}`.slice(0, Math.max(0, columns - 1));
}

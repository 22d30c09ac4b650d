// What went wrong, and what to do about it.

import type { ReactNode } from "react";
import type { Failure } from "../engine/protocol.ts";
import { useText } from "../text/use-text.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly failure: Failure;
  readonly children?: ReactNode;
  /** Tries once more. */
  onAgain?(): void;
  onDismiss?(): void;
}

export function Notice({ failure, children, onAgain, onDismiss }: Props) {
  const text = useText();
  return (
    <div className="notice" role="alert">
      <Icon name="warning" />
      <div>
        <p>
          <strong>{failure.message}</strong> {failure.code !== "ABORTED" && <code>{failure.code}</code>}
        </p>
        {failure.hint && (
          <p className="soft">
            {text.tryThis} {failure.hint}
          </p>
        )}
        {children}
        {onAgain && (
          <button type="button" className="link" onClick={onAgain}>
            {text.again}
          </button>
        )}
      </div>
      {onDismiss && (
        <button type="button" className="plain" aria-label={text.dismiss} onClick={onDismiss}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

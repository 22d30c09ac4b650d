// Files that are dropped anywhere on the page, and pictures that are pasted.

import { type ReactNode, useEffect, useState } from "react";
import { openFiles } from "../state/open.ts";
import { useText } from "../text/use-text.ts";

export function DropZone({ children }: { readonly children: ReactNode }) {
  const text = useText();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const take = (event: DragEvent | ClipboardEvent, data: DataTransfer | null) => {
      const files = [...(data?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      openFiles(files);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      event.preventDefault();
      take(event, event.dataTransfer);
    };
    const paste = (event: ClipboardEvent) => take(event, event.clipboardData);
    const drag = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const pairs = { drop, dragover: drag, dragleave: leave, paste } as const;
    for (const [name, listener] of Object.entries(pairs)) window.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(pairs)) window.removeEventListener(name, listener as EventListener);
    };
  }, []);
  return (
    <>
      {children}
      {over && <div className="drop-here">{text.dropHere}</div>}
    </>
  );
}

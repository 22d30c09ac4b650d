// A result of the worker for what is shown now: asked for again when that changes, the earlier request stopped.

import { useEffect, useRef, useState } from "react";
import type { Failure, TaskName, Tasks } from "../engine/protocol.ts";
import { studio, useStudio } from "./studio.ts";
import { failureOf, startListed, stopped } from "./work.ts";

export interface TaskState<Result> {
  /** The last result, which stays while the next is computed. */
  readonly value: Result | undefined;
  readonly failure: Failure | undefined;
  readonly pending: boolean;
}

export interface UsedTask<Result> extends TaskState<Result> {
  /** Asks once more, after it was stopped or went wrong. */
  again(): void;
}

/**
 * Runs a task whenever its argument, the model or the picture changes; not while `argument` is undefined or there is no answer.
 *
 * @param label what the user is told of it, if it takes long
 */
export function useTask<Name extends TaskName>(label: string, task: Name, argument: Tasks[Name]["argument"] | undefined): UsedTask<Tasks[Name]["result"]> {
  const generation = useStudio((state) => (state.answer ? state.generation : undefined));
  const [state, setState] = useState<TaskState<Tasks[Name]["result"]>>({ value: undefined, failure: undefined, pending: false });
  const [attempt, setAttempt] = useState(0);
  const key = generation === undefined || argument === undefined ? undefined : JSON.stringify([generation, argument, attempt]);
  const latest = useRef({ label, argument });
  latest.current = { label, argument };
  useEffect(() => {
    if (key === undefined) return setState({ value: undefined, failure: undefined, pending: false });
    let current = true;
    const begun = studio().generation;
    const isCurrent = () => current && begun === studio().generation;
    setState(({ value }) => ({ value, failure: undefined, pending: true }));
    const running = startListed(latest.current.label, task, latest.current.argument as Tasks[Name]["argument"], showSteps);
    running.result.then(
      (value) => isCurrent() && setState({ value, failure: undefined, pending: false }),
      (error) => isCurrent() && setState({ value: undefined, failure: failureOf(error) ?? stopped(), pending: false }),
    );
    return () => {
      current = false;
      running.stop();
    };
  }, [key, task]);
  return { ...state, again: () => setAttempt(attempt + 1) };
}

/** Tasks that report how far they are say it in these words. */
function showSteps(value: unknown, show: (done: number, total: number) => void): void {
  const { done, total } = value as { done: number; total: number };
  show(done, total);
}

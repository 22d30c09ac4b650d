// A result of the worker for what is shown now: asked for again when that changes, the earlier request stopped.

import { useEffect, useRef, useState } from "react";
import { run } from "../engine/client.ts";
import type { Failure, TaskName, Tasks } from "../engine/protocol.ts";
import { studio, useStudio } from "./studio.ts";
import { failureOf } from "./work.ts";

export interface TaskState<Result> {
  /** The last result, which stays while the next is computed. */
  readonly value: Result | undefined;
  readonly failure: Failure | undefined;
  readonly pending: boolean;
}

/** Runs a task whenever its argument, the model or the picture changes; not while `argument` is undefined or there is no answer. */
export function useTask<Name extends TaskName>(task: Name, argument: Tasks[Name]["argument"] | undefined): TaskState<Tasks[Name]["result"]> {
  const generation = useStudio((state) => (state.answer ? state.generation : undefined));
  const [state, setState] = useState<TaskState<Tasks[Name]["result"]>>({ value: undefined, failure: undefined, pending: false });
  const key = generation === undefined || argument === undefined ? undefined : JSON.stringify([generation, argument]);
  const latest = useRef(argument);
  latest.current = argument;
  useEffect(() => {
    if (key === undefined) return setState({ value: undefined, failure: undefined, pending: false });
    const controller = new AbortController();
    const begun = studio().generation;
    const isCurrent = () => !controller.signal.aborted && begun === studio().generation;
    setState(({ value }) => ({ value, failure: undefined, pending: true }));
    run(task, latest.current as Tasks[Name]["argument"], controller.signal).then(
      (value) => isCurrent() && setState({ value, failure: undefined, pending: false }),
      (error) => isCurrent() && setState({ value: undefined, failure: failureOf(error), pending: false }),
    );
    return () => controller.abort();
  }, [key, task]);
  return state;
}

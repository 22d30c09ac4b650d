// The one error class of Pellucid: a literal code to branch on, details to show, a hint on what to do next.

/** What went wrong, as a literal that programs can branch on. */
export type ErrorCode =
  | "BAD_ARGUMENT" // an option or argument has a wrong value
  | "UNKNOWN_FORMAT" // the file is no model format that Pellucid reads
  | "BAD_MODEL" // a model file is damaged, truncated or contradicts itself
  | "BAD_IMAGE" // a picture cannot be decoded
  | "BAD_NPY" // a .npy file cannot be read
  | "MISSING_FILE" // a file (or a file that a model refers to) is not there
  | "UNSAFE_PATH" // a model refers to a file outside its own folder
  | "UNSUPPORTED_LAYER" // a layer that cannot be translated (Lambda, custom, recurrent …)
  | "UNSUPPORTED_OPERATOR" // an ONNX operator, version or form that is not known
  | "NO_GRADIENT" // an operator on the path has no gradient rule
  | "UNKNOWN_LAYER" // no layer or tensor has this name
  | "UNKNOWN_TARGET" // no class has this name or index
  | "PREPROCESS_NEEDED" // how pictures become input tensors is not known
  | "SHAPE_MISMATCH" // a tensor's shape or dtype is not what is wanted
  | "RUNTIME" // ONNX Runtime refused or failed
  | "DEVICE" // the execution provider asked for is not there
  | "ABORTED" // cancelled through an AbortSignal
  | "NETWORK" // a download failed
  | "BAD_DOWNLOAD" // a download has the wrong size or hash
  | "WRITE_FAILED"; // a result could not be saved

export interface ErrorContext {
  /** What to do about it, one sentence in the imperative. */
  hint?: string;
  /** The facts behind the message: names, shapes, offsets. */
  details?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

const BRAND = "PellucidError";

/** Every error that Pellucid throws on purpose. `code` says what, `hint` what to do. */
export class PellucidError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = BRAND;
    this.code = code;
    this.details = context.details ?? {};
    this.hint = context.hint;
  }
}

/** Whether `error` is a PellucidError (of this code). Goes by name and code, so it holds across a worker boundary. */
export function isPellucidError(error: unknown, code?: ErrorCode): error is PellucidError {
  const e = error as Partial<PellucidError> | null | undefined;
  return typeof e === "object" && e !== null && e.name === BRAND && typeof e.code === "string" && (!code || e.code === code);
}

/** Throw a PellucidError; an expression, so that it can stand behind `??`. */
export function fail(code: ErrorCode, message: string, context?: ErrorContext): never {
  throw new PellucidError(code, message, context);
}

/** A broken invariant of Pellucid itself: never the user's fault. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Pellucid is broken: ${message}`);
}

/** Throw `ABORTED` if the signal says so. */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) fail("ABORTED", "The work was cancelled.", { cause: signal.reason });
}

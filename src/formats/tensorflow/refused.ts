// Operators that are refused on purpose: what they do, and what can be done about them.

interface Refusal {
  readonly ops: RegExp;
  /** As in: Operator While of node "loop" … */
  readonly why: string;
  readonly hint: string;
}

const CONVERT = "Convert the original model to ONNX (tf2onnx) and open that.";
const CUT = "Convert the model without its post-processing: the layers before it are what Pellucid shows.";
const WORDS = "Convert the model without its preprocessing, so that its inputs are numbers.";

const refusals: readonly Refusal[] = [
  {
    ops: /^(Stateless)?(If|While|Case)$|^(Switch|Merge|Enter|Exit|NextIteration|LoopCond)$|^(Empty)?Tensor(List|Array)|^(Stateful)?PartitionedCall$/,
    why: "is control flow: what runs is decided by the data",
    hint: CONVERT,
  },
  {
    ops: /^(Stateless)?(Parameterized)?(Random|TruncatedNormal|Multinomial|DrawBernoulli)/,
    why: "draws random numbers, other ones at every run",
    hint: "Convert the model as it predicts: called with training=False, nothing random is left in it.",
  },
  { ops: /NonMaxSuppression/, why: "keeps as many boxes as the data decides, but Pellucid fixes all shapes", hint: CUT },
  { ops: /HashTable|^LookupTable|^InitializeTable/, why: "looks words or numbers up in a table", hint: WORDS },
  { ops: /^String|Regex|^DecodeJpeg|^DecodePng|^DecodeImage|^DecodeBase64|^ParseExample/, why: "works on text or files", hint: WORDS },
  { ops: /^Sparse/, why: "works on sparse tensors, which hold as many elements as the data has", hint: CONVERT },
  { ops: /^Ragged/, why: "works on rows of different lengths", hint: CONVERT },
  { ops: /^SimpleML/, why: "runs a forest of decision trees, which has no layers and no gradients", hint: "Pellucid shows neural networks only." },
];

/** Why an operator that is not in the table is not read, and what to do. */
export function refusalOf(op: string): Pick<Refusal, "why" | "hint"> {
  return refusals.find(({ ops }) => ops.test(op)) ?? { why: "is not known", hint: CONVERT };
}

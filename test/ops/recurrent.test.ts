import { type CaseTable, testFamily } from "./family.ts";
import { fixed as constant, given, normal, uniform } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

const [TIME, BATCH, SIZE, HIDDEN] = [3, 2, 4, 5] as const;

const x = normal([TIME, BATCH, SIZE]);
const fixed = (shape: readonly number[]) => ({ ...uniform(shape, -0.5, 0.5), constant: true });
const state = (directions = 1) => normal([directions, BATCH, HIDDEN]);

function cases(gates: number, activations: string[], alpha: number[], beta: number[]): OpCase[] {
  const weights = (directions: number) => [fixed([directions, gates * HIDDEN, SIZE]), fixed([directions, gates * HIDDEN, HIDDEN])];
  const biased = (directions: number) => [...weights(directions), fixed([directions, 2 * gates * HIDDEN])];
  const states = (directions: number) => [undefined, state(directions), ...(gates === 4 ? [state(directions)] : [])];
  const lengths = constant(given([BATCH], [2, 3], "int32"));
  const fromStates = (directions: number) => [...biased(directions), lengths, ...states(directions).slice(1)];
  const outputs = gates === 4 ? 3 : 2;
  const hidden_size = HIDDEN;
  return [
    { name: "forward", attrs: { hidden_size }, inputs: [x, ...weights(1)] },
    { name: "reverse, last state", attrs: { hidden_size, direction: "reverse" }, inputs: [x, ...biased(1)], outputs },
    { name: "both ways", attrs: { hidden_size, direction: "bidirectional" }, inputs: [x, ...weights(2)], outputs },
    { name: "from states", attrs: { hidden_size }, inputs: [x, ...biased(1), ...states(1)], outputs },
    { name: "both ways from states", attrs: { hidden_size, direction: "bidirectional" }, inputs: [x, ...biased(2), ...states(2)], outputs },
    { name: "of different lengths", attrs: { hidden_size }, inputs: [x, ...biased(1), lengths], outputs },
    { name: "of different lengths, backwards from states", attrs: { hidden_size, direction: "reverse" }, inputs: [x, ...fromStates(1)], outputs },
    { name: "of different lengths, both ways", attrs: { hidden_size, direction: "bidirectional" }, inputs: [x, ...fromStates(2)], outputs },
    { name: "one step", attrs: { hidden_size }, inputs: [normal([1, BATCH, SIZE]), ...biased(1), ...states(1)], outputs },
    {
      // Functions with kinks are compared with Keras, test/formats/keras/layers.test.ts.
      name: "other activations",
      tolerance: 1e-3,
      attrs: { hidden_size, activations, activation_alpha: alpha, activation_beta: beta },
      inputs: [x, ...biased(1)],
    },
  ];
}

const resetBehind = (opCase: OpCase): OpCase => ({ ...opCase, name: `${opCase.name}, reset behind`, attrs: { ...opCase.attrs, linear_before_reset: 1 } });

const gru = cases(3, ["HardSigmoid", "Elu"], [0.1, 1], [0.5]);

const table: CaseTable = {
  LSTM: [
    ...cases(4, ["Sigmoid", "HardSigmoid", "Affine"], [0.1, 1.5], [0.5, 0.2]),
    {
      name: "softer activations",
      attrs: { hidden_size: HIDDEN, activations: ["Softsign", "Softplus", "ScaledTanh"], activation_alpha: [1.5], activation_beta: [0.7] },
      inputs: [x, fixed([1, 4 * HIDDEN, SIZE]), fixed([1, 4 * HIDDEN, HIDDEN])],
    },
  ],
  GRU: [...gru, ...gru.map(resetBehind)],
  RNN: cases(1, ["Elu"], [1], []),
};

testFamily("recurrent", table, { float32: ["LSTM", "GRU", "RNN"] });

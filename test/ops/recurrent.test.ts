import { testFamily } from "./family.ts";
import { normal } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

const [TIME, BATCH, SIZE, HIDDEN] = [3, 2, 4, 5] as const;

function cases(gates: number): OpCase[] {
  const weights = (directions: number) => [normal([directions, gates * HIDDEN, SIZE]), normal([directions, gates * HIDDEN, HIDDEN])];
  return [
    { name: "forward", attrs: { hidden_size: HIDDEN }, inputs: [normal([TIME, BATCH, SIZE]), ...weights(1)] },
    { name: "reverse, last state", attrs: { hidden_size: HIDDEN, direction: "reverse" }, inputs: [normal([TIME, BATCH, SIZE]), ...weights(1)], outputs: 2 },
    { name: "both ways", attrs: { hidden_size: HIDDEN, direction: "bidirectional" }, inputs: [normal([TIME, BATCH, SIZE]), ...weights(2)], outputs: 2 },
  ];
}

testFamily("recurrent", { LSTM: cases(4), GRU: cases(3), RNN: cases(1) });

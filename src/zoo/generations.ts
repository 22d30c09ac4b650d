// Old generations of weights that go by the name of a newer network.

import { fail } from "../errors.ts";
import type { WeightsOnly } from "../formats/keras/weights-only.ts";
import type { ZooModel } from "./zoo-model.ts";

/** Refuses files of the years before Keras's present ones, whose networks were other ones. @throws {BAD_MODEL} */
export function checkGeneration(model: ZooModel, { source, groups = [] }: WeightsOnly): void {
  const names = groups.map(({ name }) => name);
  const kernel = groups.flatMap(({ weights }) => weights).find(({ weight }) => weight.shape.length === 4)?.weight.shape ?? [];
  if (names.includes("res2a_branch2a")) refuse(model, source.name, "is ResNet50 as Keras had it before 2.2.5, with other layers");
  if (names.some((name) => /^convolution2d_\d+$/.test(name))) refuse(model, source.name, "was written for Keras 1, with other layers");
  if (kernel[1] === 3 && kernel[0] !== kernel[1]) refuse(model, source.name, "has its kernels in Theano's order");
}

function refuse({ name, title }: ZooModel, file: string, why: string): never {
  return fail("BAD_MODEL", `${file} ${why}; ${title} cannot take its weights.`, {
    hint: `Get the present weights: pellucid pull ${name}; or save the whole old model with the Keras that belongs to it.`,
    details: { file, model: name },
  });
}

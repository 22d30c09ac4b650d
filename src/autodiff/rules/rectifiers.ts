// Rules for rectifiers: Relu, and Clip from 0 (ReLU6). All other operators keep their standard rules.

import type { GradientRule, Rule } from "../../ops/define.ts";
import { findOp } from "../../ops/table.ts";
import type { RuleTable } from "../gradient.ts";

/** dx of a rectifier, from its standard rule and the rule's view of the node. */
export type RectifierRule = (standard: GradientRule, r: Rule) => string | undefined;

/** The table in which every rectifier has another rule. */
export function rectifierRules(rule: RectifierRule): RuleTable {
  const [relu, clip] = [standardRule("Relu"), standardRule("Clip")];
  const forRelu: GradientRule = (r) => [rule(relu, r)];
  const forClip: GradientRule = (r) => (isRelu6(r) ? [rule(clip, r)] : clip(r));
  return { Relu: forRelu, Clip: forClip };
}

function isRelu6(r: Rule): boolean {
  return r.has(1) && r.value(r.in(1))?.[0] === 0;
}

function standardRule(type: string): GradientRule {
  return findOp(type)?.gradient as GradientRule;
}

/** A rule applied to another gradient of the output than the one that flows there. */
export function withGradient(rule: GradientRule, r: Rule, dy: string): string | undefined {
  return rule({ ...r, dy: () => dy })[0];
}

// A choice of a few, side by side: radio buttons that look like one instrument.

import { useId } from "react";

interface Props<T extends string> {
  readonly label: string;
  readonly options: readonly T[];
  readonly names: Readonly<Record<NoInfer<T>, string>>;
  readonly value: NoInfer<T>;
  onChange(value: NoInfer<T>): void;
}

export function Segmented<T extends string>({ label, options, names, value, onChange }: Props<T>) {
  const group = useId();
  return (
    <fieldset className="segmented">
      <legend className="unseen">{label}</legend>
      {options.map((option) => (
        <label key={option} className={option === value ? "chosen" : ""}>
          <input type="radio" className="unseen" name={group} checked={option === value} onChange={() => onChange(option)} />
          {names[option]}
        </label>
      ))}
    </fieldset>
  );
}

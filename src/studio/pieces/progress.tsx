// How far a piece of work is.

export function Progress({ label, done, total }: { readonly label: string; readonly done: number; readonly total: number | undefined }) {
  return <progress aria-label={label} {...(total ? { value: done, max: total } : {})} />;
}

// Everything that takes long, with how far it is and a way to stop it.

import { Icon } from "../pieces/icon.tsx";
import { Progress } from "../pieces/progress.tsx";
import { useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";

export function WorkList() {
  const text = useText();
  const work = useStudio((state) => state.work).filter(({ shown }) => shown);
  return (
    <section className="work" aria-live="polite" aria-label={text.working}>
      {work.map(({ id, label, done, total, stopSurely }) => (
        <div key={id} className="work-item">
          <span>{label}</span>
          <Progress label={label} done={done} total={total} />
          <button type="button" className="plain" aria-label={`${text.cancel}: ${label}`} onClick={stopSurely}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </section>
  );
}

// The views as tabs: above the stage, and at the foot of small screens, where the graph is one of them.

import { Icon, type IconName } from "../pieces/icon.tsx";
import { update, useStudio, type View, views } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";

const icons: Readonly<Record<View, IconName>> = { heatmaps: "eye", activations: "grid", filters: "wave", graph: "layers" };

export function ViewTabs({ place }: { readonly place: "head" | "foot" }) {
  const text = useText();
  const current = useStudio((state) => state.view);
  return (
    <nav className={`tabs tabs-${place}`} aria-label={text.viewsLabel}>
      {views.map((view) => (
        <button key={view} type="button" data-view={view} aria-current={view === current ? "page" : undefined} onClick={() => update({ view })}>
          <Icon name={icons[view]} />
          {text.views[view]}
        </button>
      ))}
    </nav>
  );
}

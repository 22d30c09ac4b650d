// The whole page: picture and predictions, the graph as navigator, and one stage.

import { useEffect } from "react";
import { GraphPanel } from "../graph/graph-panel.tsx";
import { PicturePanel } from "../picture/picture-panel.tsx";
import { useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";
import { DropZone } from "./drop-zone.tsx";
import { Stage } from "./stage.tsx";
import { TopBar } from "./top-bar.tsx";
import { ViewTabs } from "./view-tabs.tsx";
import { WorkList } from "./work-list.tsx";

export function App() {
  const text = useText();
  const language = useStudio((state) => state.language);
  const theme = useStudio((state) => state.theme);
  const view = useStudio((state) => state.view);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.theme = theme;
    document.title = text.studio;
  }, [language, theme, text]);
  return (
    <DropZone>
      <a className="skip" href="#stage">
        {text.skip}
      </a>
      <div className="app" data-view={view}>
        <TopBar />
        <PicturePanel />
        <GraphPanel />
        <Stage />
        <ViewTabs place="foot" />
      </div>
      <WorkList />
    </DropZone>
  );
}

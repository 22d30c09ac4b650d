// The page: mounts the studio and opens what ships with it.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./shell/app.tsx";
import { openEmbedded } from "./state/open.ts";
import "./style/tokens.css";
import "./style/pieces.css";
import "./style/shell.css";
import "./style/sight.css";
import "./style/graph.css";
import "./style/views.css";

createRoot(document.getElementById("studio") as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
void openEmbedded();

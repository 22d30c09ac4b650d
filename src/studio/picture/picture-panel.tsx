// The picture and what the network says of it: always in sight.

import { useState } from "react";
import { Pixels } from "../pieces/pixels.tsx";
import { Segmented } from "../pieces/segmented.tsx";
import { useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";
import { PictureSources } from "./picture-sources.tsx";
import { Predictions } from "./predictions.tsx";

export function PicturePanel() {
  const text = useText();
  return (
    <section className="sight" aria-label={text.picture}>
      <Picture />
      <PictureSources />
      <Predictions />
    </section>
  );
}

/** The photo, or the picture as the network sees it. */
function Picture() {
  const text = useText();
  const picture = useStudio((state) => state.picture);
  const seen = useStudio((state) => state.answer?.seen);
  const [which, setWhich] = useState<"photo" | "seen">("photo");
  if (!picture) return <p className="empty picture-frame">{text.noPicture}</p>;
  const image = which === "seen" ? seen : picture.image;
  return (
    <div className="picture-frame">
      <Pixels image={image ?? picture.image} smooth={which === "photo"} label={which === "photo" ? text.pictureOf(picture.name) : text.seen} />
      {seen && (
        <Segmented label={text.seen} options={["photo", "seen"]} names={{ photo: text.photo, seen: text.seenShort }} value={which} onChange={setWhich} />
      )}
    </div>
  );
}

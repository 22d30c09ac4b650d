// A photo from the camera. The stream ends with the dialog.

import { useEffect, useRef, useState } from "react";
import { Dialog } from "../pieces/dialog.tsx";
import { Icon } from "../pieces/icon.tsx";
import { openPicture } from "../state/open.ts";
import { useText } from "../text/use-text.ts";

export function CameraDialog({ onClose }: { onClose(): void }) {
  const text = useText();
  const video = useRef<HTMLVideoElement>(null);
  const problem = useCamera(video);
  const [ready, setReady] = useState(false);
  const take = async () => {
    const blob = video.current && (await photograph(video.current));
    if (blob) void openPicture(blob, "camera.png");
    onClose();
  };
  return (
    <Dialog title={text.camera} onClose={onClose}>
      {problem === undefined ? (
        <>
          <video ref={video} autoPlay muted playsInline className="camera" onLoadedData={() => setReady(true)} />
          <button type="button" className="button primary" disabled={!ready} onClick={take}>
            <Icon name="camera" />
            <span>{text.takePhoto}</span>
          </button>
        </>
      ) : (
        <p className="empty">
          {text.noCamera} <span className="soft">{problem}</span>
        </p>
      )}
    </Dialog>
  );
}

/** Shows the camera in a video element; returns why that is not possible. */
function useCamera(video: React.RefObject<HTMLVideoElement | null>): string | undefined {
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let stream: MediaStream | undefined;
    let closed = false;
    const show = async () => {
      if (!navigator.mediaDevices) throw new Error(location.origin);
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (closed) stopTracks(stream);
      else if (video.current) video.current.srcObject = stream;
    };
    show().catch((error) => setProblem(error instanceof Error ? error.message : String(error)));
    return () => {
      closed = true;
      stopTracks(stream);
    };
  }, [video]);
  return problem;
}

function stopTracks(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function photograph(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

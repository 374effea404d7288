/** The tablet's camera: opened towards the finger, and a photograph from it at the highest resolution. */

/** ImageCapture as Chromium has it; other browsers' libraries do not know it. */
interface StillCamera {
  takePhoto(settings?: PhotoSettings): Promise<Blob>;
  getPhotoCapabilities(): Promise<PhotoCapabilities>;
}

interface PhotoSettings {
  imageWidth?: number;
  imageHeight?: number;
  fillLightMode?: "auto" | "off" | "flash";
}

interface PhotoCapabilities {
  imageWidth?: { max: number };
  imageHeight?: { max: number };
  fillLightMode?: string[];
}

declare global {
  interface Window {
    ImageCapture?: new (track: MediaStreamTrack) => StillCamera;
  }
}

/** Video this large shows focus well enough where photographs are taken apart from it; it spares the tablet. */
const VIEW_PX = { width: 1920, height: 1440 };
/** Where the video's frame is the photograph, as large as there is: more than any tablet gives. */
const MOST_PX = { width: 4096, height: 3072 };

const JPEG = "image/jpeg";

/** As good as cameras' own. */
const JPEG_QUALITY = 0.95;

export interface OpenCamera {
  stream: MediaStream;
  /** Longer side of the photographs it takes; null where they are the video's own frames. */
  still_px: number | null;
  photograph(video: HTMLVideoElement): Promise<File>;
  stop(): void;
}

/** @throws DOMException where there is no camera, or it is refused. */
export async function openCamera(): Promise<OpenCamera> {
  const size = window.ImageCapture ? VIEW_PX : MOST_PX;
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: "environment" }, width: { ideal: size.width }, height: { ideal: size.height } },
  });
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  const track = stream.getVideoTracks()[0];
  if (!track) {
    stop();
    throw new DOMException("no video", "NotFoundError");
  }
  const still = window.ImageCapture ? new window.ImageCapture(track) : null;
  const settings = still && (await largest(still));
  return {
    stream,
    still_px: settings?.imageWidth ? Math.max(settings.imageWidth, settings.imageHeight ?? 0) : null,
    photograph: (video) => photograph(video, still, settings),
    stop,
  };
}

/** As large as the camera goes, without flash; null where it does not say. */
async function largest(still: StillCamera): Promise<PhotoSettings | null> {
  try {
    const can = await still.getPhotoCapabilities();
    const [width, height] = [can.imageWidth?.max ?? 0, can.imageHeight?.max ?? 0];
    return {
      ...(width > 0 && height > 0 ? { imageWidth: width, imageHeight: height } : {}),
      ...(can.fillLightMode?.includes("off") ? { fillLightMode: "off" as const } : {}),
    };
  } catch {
    return null;
  }
}

async function photograph(video: HTMLVideoElement, still: StillCamera | null, settings: PhotoSettings | null): Promise<File> {
  // Cameras refuse some settings that they say they have: then as they like, then the frame that is seen.
  const ways = [
    ...(still && settings ? [() => still.takePhoto(settings)] : []),
    ...(still ? [() => still.takePhoto()] : []),
    () => frameOf(video),
  ];
  let refused: unknown = null;
  for (const way of ways) {
    try {
      const blob = await way();
      return new File([blob.type === JPEG ? blob : await asJpeg(blob)], "photo.jpg", { type: JPEG });
    } catch (caught) {
      refused = caught;
    }
  }
  throw refused ?? new DOMException("no photograph", "NotReadableError");
}

function frameOf(video: HTMLVideoElement): Promise<Blob> {
  return drawn(video, video.videoWidth, video.videoHeight);
}

/** Some cameras give PNG, which the service takes, but which is several times as large. */
async function asJpeg(photo: Blob): Promise<Blob> {
  const picture = await createImageBitmap(photo);
  try {
    return await drawn(picture, picture.width, picture.height);
  } finally {
    picture.close();
  }
}

function drawn(picture: CanvasImageSource, width: number, height: number): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  return new Promise((resolve, reject) => {
    const take = (blob: Blob | null) => (blob ? resolve(blob) : reject(new DOMException("no picture", "NotReadableError")));
    canvas.toBlob(take, JPEG, JPEG_QUALITY);
  });
}

/** What measuring needs of an EXIF header: the lens, and which way up. Nothing else is looked at. */

export interface Optics {
  /** Focal length as its 35 mm equivalent, in millimetres. */
  focal_35mm_mm: number | null;
  digital_zoom_ratio: number | null;
  /** 1 to 8, as EXIF numbers them. */
  orientation: number | null;
}

export const NO_OPTICS: Optics = { focal_35mm_mm: null, digital_zoom_ratio: null, orientation: null };

const ORIENTATION = 0x0112;
const EXIF_IFD = 0x8769;
const DIGITAL_ZOOM_RATIO = 0xa404;
const FOCAL_LENGTH_35MM = 0xa405;

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

const LITTLE_ENDIAN = 0x4949;
const BIG_ENDIAN = 0x4d4d;
const TIFF_NUMBER = 42;
const ENTRY_BYTES = 12;
const LAST_ORIENTATION = 8;

/** Read a TIFF header as it stands in an APP1 segment after "Exif\0\0". Damaged headers tell nothing. */
export function opticsOf(tiff: DataView): Optics {
  try {
    return read(tiff);
  } catch (caught) {
    if (caught instanceof RangeError) return NO_OPTICS; // an address beyond the header's end
    throw caught;
  }
}

function read(tiff: DataView): Optics {
  const order = tiff.getUint16(0);
  if (order !== LITTLE_ENDIAN && order !== BIG_ENDIAN) return NO_OPTICS;
  const little = order === LITTLE_ENDIAN;
  if (tiff.getUint16(2, little) !== TIFF_NUMBER) return NO_OPTICS;
  const main = directory(tiff, tiff.getUint32(4, little), little);
  const orientation = main.get(ORIENTATION) ?? null;
  const deeper = main.get(EXIF_IFD);
  const exif = deeper === undefined ? new Map<number, number>() : directory(tiff, deeper, little);
  const positive = (value: number | undefined) => (value !== undefined && value > 0 ? value : null);
  return {
    // 0 stands for "unknown" in both.
    focal_35mm_mm: positive(exif.get(FOCAL_LENGTH_35MM)),
    digital_zoom_ratio: positive(exif.get(DIGITAL_ZOOM_RATIO)),
    orientation: orientation !== null && orientation >= 1 && orientation <= LAST_ORIENTATION ? orientation : null,
  };
}

/** The single numbers of one directory by tag. */
function directory(tiff: DataView, start: number, little: boolean): Map<number, number> {
  const found = new Map<number, number>();
  const count = tiff.getUint16(start, little);
  for (let i = 0; i < count; i++) {
    const at = start + 2 + i * ENTRY_BYTES;
    const value = numberAt(tiff, at, little);
    if (value !== null) found.set(tiff.getUint16(at, little), value);
  }
  return found;
}

function numberAt(tiff: DataView, entry: number, little: boolean): number | null {
  if (tiff.getUint32(entry + 4, little) !== 1) return null;
  switch (tiff.getUint16(entry + 2, little)) {
    case SHORT:
      return tiff.getUint16(entry + 8, little);
    case LONG:
      return tiff.getUint32(entry + 8, little);
    case RATIONAL: {
      const at = tiff.getUint32(entry + 8, little);
      if (at + 8 > tiff.byteLength) return null;
      const below = tiff.getUint32(at + 4, little);
      return below === 0 ? null : tiff.getUint32(at, little) / below;
    }
    default:
      return null;
  }
}

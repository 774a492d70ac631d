import type { GreyScaling } from '@ganglion/tensor/dicom';

/** What is known of where a film comes from; nothing of whose it is. */
export interface FilmSource {
  readonly format: 'dicom' | 'png' | 'jpeg';
  /** Size of the upright film, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Pictures in the file; the first was read. */
  readonly frames: number;
  /** Codes of the DICOM file. */
  readonly modality?: string;
  readonly bodyPart?: string;
  readonly view?: string;
  /** What brought the values of a DICOM file to grey. */
  readonly scaling?: GreyScaling;
  /** Whether low values were white (MONOCHROME1). */
  readonly isInverted?: boolean;
  /** Of a PNG or JPEG: whether it was made upright, was laid on white, was damaged, or had a tint that was taken off. */
  readonly isTurned?: boolean;
  readonly hadAlpha?: boolean;
  readonly isDamaged?: boolean;
  readonly isTinted?: boolean;
}

/** A film in grey, as a viewer shows it. */
export interface GreyFilm {
  /** `[height, width, 1]`, 0 black to 255 white; a PNG or JPEG may have been made smaller while it was decoded. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly source: FilmSource;
}

/** A film as the model takes it, in bytes. */
export interface ReadFilm {
  /** `[side, side]`, 0 black to 255 white */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly source: FilmSource;
}

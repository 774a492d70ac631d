import type { OutputOf } from '@ganglion/contracts/capability';
import type { detect } from '@ganglion/contracts/services/image-recognition/detect';
import type { TensorMap } from '@ganglion/inference';
import { decodeNanodet } from './decode-nanodet.js';
import { suppressNonMaxima, type Box } from './non-maximum-suppression.js';
import type { PreparedImage } from './preprocess.js';

type DetectedObject = OutputOf<typeof detect>['objects'][number];

export interface Selection {
  readonly minScore: number;
  readonly maxObjects: number;
  /** Index by index, the model's labels. */
  readonly labels: readonly string[];
  /** The labels to keep; all of them where it is left out. */
  readonly wanted?: readonly string[] | undefined;
}

/** As the authors of NanoDet set it. */
const MAX_OVERLAP = 0.6;

/** The model's outputs to objects in pixels of the upright picture, the best first. */
export function postprocess(
  outputs: TensorMap,
  prepared: Pick<PreparedImage, 'input' | 'content' | 'image'>,
  selection: Selection,
): DetectedObject[] {
  const { labels, wanted, minScore, maxObjects } = selection;
  const nameOf = (label: number): string => labels[label] ?? '';
  const frameWidth = prepared.input.shape[3] as number;
  const candidates = decodeNanodet(outputs, frameWidth, minScore).filter(
    ({ label }) => wanted === undefined || wanted.includes(nameOf(label)),
  );
  return suppressNonMaxima(candidates, { maxOverlap: MAX_OVERLAP, maxCount: maxObjects }).map(
    ({ label, score, box }) => ({ label: nameOf(label), score, box: toPicture(box, prepared) }),
  );
}

/** From pixels of the model's input to pixels of the picture, cut at its edges. */
function toPicture(
  { left, top, right, bottom }: Box,
  { content, image }: Pick<PreparedImage, 'content' | 'image'>,
): DetectedObject['box'] {
  const toX = (x: number) => clamp(((x - content.left) * image.width) / content.width, image.width);
  const toY = (y: number) => clamp(((y - content.top) * image.height) / content.height, image.height);
  return { x: toX(left), y: toY(top), width: toX(right) - toX(left), height: toY(bottom) - toY(top) };
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

import { makeImage } from './image.mjs';
import { makeTabular } from './tabular.mjs';
import { makeText } from './text.mjs';

/** By name, what makes a workload's files in an empty folder. */
export const WORKLOADS = { tabular: makeTabular, text: makeText, image: makeImage };

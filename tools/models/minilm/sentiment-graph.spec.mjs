import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readPulledFile } from '../../training/sentiment/model-folder.mjs';
import { makeSentimentGraph } from './sentiment-graph.mjs';

const MODEL = new URL('../../../apps/nlp/models/minilm-sentiment/', import.meta.url);

describe('makeSentimentGraph', () => {
  it('makes the graph that is in the repository', async () => {
    const head = readFileSync(new URL('head.safetensors', MODEL));
    const graph = makeSentimentGraph(await readPulledFile('model.safetensors'), head);
    expect(readFileSync(new URL('graph.onnx', MODEL)).equals(graph)).toBe(true);
  });

  it('names the weight that a file lacks', () => {
    const header = Buffer.from('{}');
    const empty = Buffer.concat([Buffer.from([header.length, 0, 0, 0, 0, 0, 0, 0]), header]);
    expect(() => makeSentimentGraph(empty, empty)).toThrow(
      '"model.safetensors" holds no tensor "embeddings.word_embeddings.weight"',
    );
  });
});

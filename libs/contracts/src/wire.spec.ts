import { describe, expect, it } from '@jest/globals';
import * as wire from './wire.js';

describe('subjects', () => {
  it('name services, operations and instances', () => {
    expect(wire.operationSubject('vision', 'faces.detect')).toBe('ganglion.vision.faces.detect');
    expect(wire.operationSubject('nlp', 'sentiment', 'i1')).toBe('ganglion.nlp.sentiment.i1');
  });

  it('of the machinery cannot be those of an operation', () => {
    const machinery = [
      wire.contractSubject('nlp'),
      wire.ANNOUNCE_SUBJECT,
      wire.cancelSubject('r1'),
      wire.eventSubject('key.revoked'),
      wire.PREDICTIONS_STREAM.subject,
    ];
    // No name of a service or an operation holds a dollar sign.
    for (const subject of machinery) expect(subject).toMatch(/^ganglion\.(nlp\.)?\$/);
  });
});

describe('inlineLimit', () => {
  it('is 512 KiB where the server takes a megabyte, and leaves room for headers where it takes less', () => {
    expect(wire.inlineLimit(1024 * 1024)).toBe(512 * 1024);
    expect(wire.inlineLimit(256 * 1024)).toBe(192 * 1024);
  });
});

describe('tenant names', () => {
  it.each(['default', 'a', '0-9_z', 'a'.repeat(63)])('take %j', (name) => {
    expect(wire.TENANT_NAME.test(name)).toBe(true);
  });

  it.each(['', '..', 'a/b', 'A', '-a', 'a b', 'a.b', 'a\n', 'a'.repeat(64)])('refuse %j', (name) => {
    expect(wire.TENANT_NAME.test(name)).toBe(false);
  });
});

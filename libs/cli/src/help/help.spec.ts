import { describe, expect, it } from '@jest/globals';
import { operation, SERVICES } from '../../test/api.fixture.js';
import { describeOperation } from './describe-operation.js';
import { describeService } from './describe-service.js';

describe('help', () => {
  it('of a service lists its operations', () => {
    const service = SERVICES.find(({ name }) => name === 'nlp');
    if (service === undefined) throw new Error('no nlp');
    expect(describeService(service)).toContain('Reads text.\n\n  sentiment  Tells the mood.\n');
  });

  it('of an operation tells its arguments, with an example', () => {
    expect(describeOperation(operation('vision', 'faces.detect'))).toMatch(
      /^ganglion vision faces detect <image> \[options\]\n[^]*<image>, --image  a file \(image\/png, image\/jpeg\), needed\n +A picture\.\n  --min-score       a number from 0\.01 to 1 \(0\.4\)\n[^]*Example:\n  ganglion vision faces detect image\.png\n$/,
    );
    expect(describeOperation(operation('nlp', 'sentiment'))).toContain(
      '\n  ganglion nlp sentiment "Lovely."\n',
    );
    expect(describeOperation(operation('fraud', 'score'))).toContain('\n  ganglion fraud score input.json\n');
    expect(describeOperation(operation('control-plane', 'keys.list'))).toContain(
      '\n  ganglion control-plane keys list\n',
    );
  });
});

import { expect, it } from '@jest/globals';
import { compilerError } from './build.mjs';

const NX_LOG = `
✔  nx run @ganglion/tensor:build  [local cache]

> nx run @ganglion/nlp:build

> node tools/build/build.mjs apps/nlp

[Error:   x Unexpected token
    ,-[apps/nlp/src/main.ts:10:1]

Caused by:
    Syntax Error

Stack backtrace:
   0: <unknown>
Warning: command "node tools/build/build.mjs apps/nlp" exited with non-zero status code

 NX   Running target build for 11 projects failed
`;

it('finds what the compiler says between what Nx and the stack say', () => {
  expect(compilerError(NX_LOG)).toBe('[Error:   x Unexpected token\n    ,-[apps/nlp/src/main.ts:10:1]');
  expect(compilerError(NX_LOG.replace('Caused by:', ''))).toContain('Stack backtrace');
  expect(compilerError(NX_LOG.replace('apps/nlp\n', 'apps/nlp\r\n'))).toContain('Unexpected token');
  expect(compilerError('nothing of the kind')).toBeUndefined();
});

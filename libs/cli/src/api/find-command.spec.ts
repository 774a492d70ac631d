import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '../../test/api.fixture.js';
import { findCommand } from './find-command.js';

const find = (...words: string[]) => {
  const command = findCommand(SERVICES, words);
  if (command.kind === 'service') return command.service.name;
  return [command.operation.service, command.operation.name, command.wordCount];
};

describe('findCommand', () => {
  it('finds a service with its operation, by words or dots', () => {
    expect(find('nlp', 'sentiment', 'text')).toEqual(['nlp', 'sentiment', 2]);
    expect(find('vision', 'faces', 'detect', 'a.png')).toEqual(['vision', 'faces.detect', 3]);
    expect(find('vision', 'faces.detect')).toEqual(['vision', 'faces.detect', 2]);
    expect(find('nlp')).toBe('nlp');
  });

  it('finds a bare operation while only one service has it', () => {
    expect(find('sentiment', 'text')).toEqual(['nlp', 'sentiment', 1]);
    expect(find('keys', 'list')).toEqual(['control-plane', 'keys.list', 2]);
    expect(() => find('score')).toThrow('several services: write fraud score or risk score.');
  });

  it('keeps the nouns of administration for the control plane', () => {
    expect(() => find('models', 'list')).toThrow('"models" is kept for administration');
    expect(find('risk', 'models', 'list')).toEqual(['risk', 'models.list', 3]);
    expect(() => find('keys')).toThrow('write what to do with keys: keys list, keys revoke.');
  });

  it('names what was meant', () => {
    expect(() => find('nlp', 'sentimnt')).toThrow('nlp has no operation "sentimnt". Did you mean sentiment?');
    expect(() => find('vison')).toThrow('no service or operation "vison". Did you mean vision?');
    expect(() => find('keys', 'revok')).toThrow('write what to do with keys');
    expect(() => find('xyzzy')).toThrow('Services: control-plane, fraud, nlp, risk, vision.');
  });
});

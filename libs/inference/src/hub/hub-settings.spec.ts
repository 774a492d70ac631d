import { describe, expect, it } from '@jest/globals';
import { ownModelFolders, readHubSettings } from './hub-settings.js';

describe('readHubSettings', () => {
  it('has the public hub, no token and the network unless told otherwise', () => {
    const settings = { endpoint: 'https://huggingface.co', token: null, isOffline: false };
    expect(readHubSettings({})).toEqual(settings);
    expect(readHubSettings({ HF_ENDPOINT: '', HF_TOKEN: '', GANGLION_OFFLINE: '' })).toEqual(settings);
  });

  it.each([
    [{ HF_ENDPOINT: 'https://mirror.example.org/hf/' }, { endpoint: 'https://mirror.example.org/hf' }],
    [{ HF_TOKEN: 'a' }, { token: 'a' }],
    [{ HF_TOKEN: 'a', GANGLION_HF_TOKEN: 'b' }, { token: 'b' }],
    [{ GANGLION_OFFLINE: '1' }, { isOffline: true }],
    [{ GANGLION_OFFLINE: 'true' }, { isOffline: true }],
    [{ GANGLION_OFFLINE: '0' }, { isOffline: false }],
  ])('reads %j', (environment, settings) => {
    expect(readHubSettings(environment)).toMatchObject(settings);
  });

  it.each([
    [{ HF_ENDPOINT: 'mirror' }, 'HF_ENDPOINT is "mirror": it must be a URL'],
    [{ HF_ENDPOINT: 'file:///etc' }, 'it must be a URL'],
    [{ GANGLION_OFFLINE: 'maybe' }, 'GANGLION_OFFLINE is "maybe": it must be 1 or 0.'],
  ])('refuses %j', (environment, message) => {
    expect(() => readHubSettings(environment)).toThrow(message);
  });
});

it('reads the folders of own models', () => {
  expect(ownModelFolders({ GANGLION_MODELS: ' /a, /b ,' })).toEqual(['/a', '/b']);
  expect(ownModelFolders({})).toEqual([]);
});

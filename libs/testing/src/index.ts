export { startServers } from './start-servers.js';
export type { TestServers } from './start-servers.js';

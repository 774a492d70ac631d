/**
 * Starts Ganglion for a bench, says where it is in one line of JSON, and ends with its standard input.
 *
 *   node ours.process.mjs <app, or nothing for the bench's own service> <folder whose models/ that one serves>
 */
import { cacheFolder } from '../../servers/cache-folder.mjs';
import { openPath } from '../path/open-path.mjs';

const [app = '', model = ''] = process.argv.slice(2);
const path = await openPath({ cacheFolder: cacheFolder(), ...(app ? { apps: [app] } : { model }) });
console.log(JSON.stringify({ url: path.url, authorization: path.authorization }));
process.stdin.resume().once('end', () => void path.stop());

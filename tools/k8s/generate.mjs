/**
 * Writes what of the chart is derived: its README from values.yaml, what it knows of the apps, and Grafana's dashboards.
 *
 * Usage: node tools/k8s/generate.mjs
 */
import { writeFile } from 'node:fs/promises';
import { generated } from './generated.mjs';

for (const { path, text } of await generated()) await writeFile(path, text);

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { REPOSITORY } from '../start/repository.mjs';
import { programPath } from './programs.mjs';

const run = promisify(execFile);

export const CHART = join(REPOSITORY, 'infra', 'helm', 'ganglion');

/** What a cluster with every operator offers beside Kubernetes' own. */
export const OPERATORS = ['keda.sh/v1alpha1', 'monitoring.coreos.com/v1', 'gateway.networking.k8s.io/v1'];

/** @typedef {any} Resource a Kubernetes object as it was rendered */

/**
 * Runs helm with these arguments.
 *
 * @returns {Promise<string>} what it printed
 * @throws Error with its message
 */
export async function helm(/** @type {string[]} */ ...args) {
  const { stdout } = await run(await programPath('helm'), args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/**
 * Renders the chart.
 *
 * @param {string[]} args further arguments, such as `--set services.nlp.replicas=2`
 * @param {readonly string[]} apis what the cluster offers
 * @returns {Promise<Resource[]>}
 */
export async function render(args = [], apis = OPERATORS) {
  return resourcesOf(await helm(...templateOf(args, apis)));
}

/** The same by Helm 3. */
export async function renderByHelm3(/** @type {string[]} */ args) {
  const { stdout } = await run(await programPath('helm3'), templateOf(args, OPERATORS), {
    maxBuffer: 64 * 1024 * 1024,
  });
  return resourcesOf(stdout);
}

function templateOf(/** @type {string[]} */ args, /** @type {readonly string[]} */ apis) {
  const offered = apis.flatMap((api) => ['--api-versions', api]);
  return ['template', 'test', CHART, '--namespace', 'ganglion', ...offered, ...args];
}

/** @returns {Resource[]} */
function resourcesOf(/** @type {string} */ text) {
  return parseAllDocuments(text)
    .map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJS();
    })
    .filter((resource) => resource !== null);
}

/** The one of that kind and name; without `test-ganglion-` before it. */
export function find(
  /** @type {Resource[]} */ resources,
  /** @type {string} */ kind,
  /** @type {string} */ name,
) {
  const found = resources.filter(
    (resource) =>
      resource.kind === kind &&
      (resource.metadata.name === `test-ganglion-${name}` || resource.metadata.name === name),
  );
  if (found.length !== 1) throw new Error(`There are ${found.length} of ${kind} ${name}.`);
  return found[0];
}

/** Every pod that the resources make, with the name of what makes it. */
export function podsOf(/** @type {Resource[]} */ resources) {
  return resources.flatMap((resource) => {
    const of = `${resource.kind} ${resource.metadata.name}`;
    if (resource.kind === 'Pod') return [{ of, labels: resource.metadata.labels, spec: resource.spec }];
    const template = resource.spec?.template;
    return template?.spec?.containers ? [{ of, labels: template.metadata.labels, spec: template.spec }] : [];
  });
}

/** A container's `env` as a map; a secret as `secret/key`. */
export function environmentOf(/** @type {Resource} */ container) {
  return Object.fromEntries(
    (container.env ?? []).map((/** @type {any} */ { name, value, valueFrom }) => {
      const secret = valueFrom?.secretKeyRef;
      return [name, secret ? `${secret.name}/${secret.key}` : (value ?? JSON.stringify(valueFrom))];
    }),
  );
}

import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { programPath } from '../programs.mjs';

/** @type {Map<string, Promise<Ajv2020>>} */
const validators = new Map();

/**
 * What of these resources Kubernetes would refuse, unknown fields included. Resources of operators are passed over.
 *
 * @param {import('../chart.mjs').Resource[]} resources
 * @param {string} version such as `1.37`
 * @returns {Promise<string[]>} one line each
 */
export async function schemaErrors(resources, version) {
  if (!validators.has(version)) validators.set(version, compile(version));
  const ajv = /** @type {Ajv2020} */ (await validators.get(version));
  return resources
    .filter(
      ({ apiVersion }) =>
        !/keda\.sh|monitoring\.coreos|gateway\.networking|karpenter|kueue|nvidia/.test(apiVersion),
    )
    .flatMap((resource) => {
      const validate = ajv.getSchema(`kubernetes#/$defs/${definitionOf(resource)}`);
      if (!validate) return [`${resource.kind} ${resource.apiVersion} is unknown to Kubernetes ${version}.`];
      validate(resource);
      const errors = validate.errors ?? [];
      return errors.map(
        ({ instancePath, message, params }) =>
          `${resource.kind} ${resource.metadata.name}${instancePath} ${message} ${JSON.stringify(params)}`,
      );
    });
}

async function compile(/** @type {string} */ version) {
  const path = await programPath(version === '1.30' ? 'schemas-1.30' : 'schemas-1.37');
  const schema = JSON.parse(await readFile(path, 'utf8'));
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, logger: false });
  // Its own digests were made by its publisher; checking it against the meta-schema takes 15 s.
  ajv.addSchema({ ...schema, $id: 'kubernetes' }, undefined, undefined, false);
  return ajv;
}

/** `apps/v1` and `Deployment` -> `io.k8s.api.apps.v1.Deployment`. */
function definitionOf(/** @type {{ apiVersion: string, kind: string }} */ { apiVersion, kind }) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `io.k8s.api.${/** @type {string} */ (group).split('.')[0]}.${version}.${kind}`;
}

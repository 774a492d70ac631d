/**
 * Grafana's dashboards as data: a row is a panel, `[title, unit, expression, legend]`.
 *
 * @typedef {[title: string, unit: string, expr: string, legend: string]} Panel
 */

const PER_SECOND = '[$__rate_interval]';
const rate = (/** @type {string} */ metric, /** @type {string} */ labels, /** @type {string} */ by) =>
  `sum by (${by}) (rate(${metric}{namespace=~"$namespace"${labels && `,${labels}`}}${PER_SECOND}))`;
const quantile = (/** @type {number} */ q, /** @type {string} */ metric, labels = '', by = 'service') =>
  `histogram_quantile(${q}, ${rate(`${metric}_bucket`, labels, `${by}, le`)})`;
const gauge = (/** @type {string} */ metric, /** @type {string} */ by) =>
  `sum by (${by}) (${metric}{namespace=~"$namespace"})`;

/** @type {Record<string, { title: string, panels: Panel[] }>} */
const DASHBOARDS = {
  overview: {
    title: 'Ganglion',
    panels: [
      ['Calls', 'reqps', rate('ganglion_calls_total', 'service="gateway"', 'operation'), '{{operation}}'],
      [
        'Refused and failed calls',
        'reqps',
        rate('ganglion_calls_total', 'service="gateway",code!="ok"', 'operation, code'),
        '{{operation}} {{code}}',
      ],
      [
        'Nine of ten calls take less than',
        's',
        quantile(0.9, 'ganglion_call_duration_seconds', 'service="gateway"', 'operation'),
        '{{operation}}',
      ],
      [
        '99 of 100 calls take less than',
        's',
        quantile(0.99, 'ganglion_call_duration_seconds', 'service="gateway"', 'operation'),
        '{{operation}}',
      ],
      ['Calls in flight', 'short', gauge('ganglion_calls_in_flight', 'service'), '{{service}}'],
      [
        'Wait for a model (nine of ten)',
        's',
        'ganglion_queue_seconds{namespace=~"$namespace"}',
        '{{service}}',
      ],
      ['Memory', 'bytes', gauge('process_resident_memory_bytes', 'service'), '{{service}}'],
      ['CPU', 'short', rate('process_cpu_seconds_total', '', 'service'), '{{service}}'],
      [
        'Event loop (99 of 100)',
        's',
        'max by (service) (nodejs_eventloop_lag_p99_seconds{namespace=~"$namespace"})',
        '{{service}}',
      ],
    ],
  },
  models: {
    title: 'Ganglion: models',
    panels: [
      [
        'Stages of a call (mean)',
        's',
        `${rate('ganglion_stage_duration_seconds_sum', '', 'service, stage')} / ${rate('ganglion_stage_duration_seconds_count', '', 'service, stage')}`,
        '{{service}} {{stage}}',
      ],
      [
        'Rows of a batch (mean)',
        'short',
        `${rate('ganglion_batch_rows_sum', '', 'model')} / ${rate('ganglion_batch_rows_count', '', 'model')}`,
        '{{model}}',
      ],
      [
        'A batch computes (nine of ten)',
        's',
        quantile(0.9, 'ganglion_batch_compute_seconds', '', 'model'),
        '{{model}}',
      ],
      ['Refusals', 'reqps', rate('ganglion_model_refusals_total', '', 'model, code'), '{{model}} {{code}}'],
      ['GPU use', 'percent', 'DCGM_FI_DEV_GPU_UTIL', '{{Hostname}} {{gpu}}'],
      ['GPU memory', 'decmbytes', 'DCGM_FI_DEV_FB_USED', '{{Hostname}} {{gpu}}'],
    ],
  },
  ledger: {
    title: 'Ganglion: ledger',
    panels: [
      [
        'Predictions recorded',
        'cps',
        rate('ganglion_ledger_predictions_recorded_total', '', 'policy'),
        '{{policy}}',
      ],
      ['Events that wait to be committed', 'short', 'max(ganglion_ledger_backlog)', 'backlog'],
      [
        'Events that JetStream has not taken',
        'short',
        gauge('ganglion_ledger_events_unacknowledged', 'service'),
        '{{service}}',
      ],
      [
        'Predictions lost',
        'short',
        'sum by (service) (increase(ganglion_ledger_events_lost_total[1h]))',
        '{{service}}',
      ],
      ['Events given up', 'short', 'sum(increase(ganglion_ledger_poison_total[1h]))', 'poison'],
    ],
  },
};

/** Every dashboard as Grafana reads it, by the name of its file. */
export function grafanaDashboards() {
  return Object.entries(DASHBOARDS).map(([uid, { title, panels }]) => ({
    file: `${uid}.json`,
    dashboard: {
      uid: `ganglion-${uid}`,
      title,
      schemaVersion: 39,
      refresh: '30s',
      time: { from: 'now-1h', to: 'now' },
      templating: { list: [prometheusVariable(), namespaceVariable()] },
      panels: panels.map(toPanel),
    },
  }));
}

function prometheusVariable() {
  return { name: 'prometheus', type: 'datasource', query: 'prometheus', label: 'Prometheus' };
}

/** `.*` matches a Prometheus outside of a cluster too, where there is no namespace. */
function namespaceVariable() {
  return {
    name: 'namespace',
    type: 'query',
    label: 'Namespace',
    datasource: { type: 'prometheus', uid: '${prometheus}' },
    query: 'label_values(ganglion_calls_in_flight, namespace)',
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
    refresh: 2,
  };
}

function toPanel(/** @type {Panel} */ [title, unit, expr, legendFormat], /** @type {number} */ index) {
  return {
    id: index + 1,
    title,
    type: 'timeseries',
    datasource: { type: 'prometheus', uid: '${prometheus}' },
    gridPos: { h: 8, w: 12, x: (index % 2) * 12, y: Math.floor(index / 2) * 8 },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: [{ refId: 'A', expr, legendFormat }],
  };
}

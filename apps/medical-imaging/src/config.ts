import { defineEnvironment, type Settings } from '@ganglion/service-kit/environment';
import { modelEnvironment } from '@ganglion/service-kit/model/model-environment';

/** What this service reads beside what every service does. */
export const environment = defineEnvironment({
  ...modelEnvironment,
  maxReaders: {
    env: 'GANGLION_FILM_READERS',
    type: 'integer',
    min: 1,
    default: 2,
    doc: 'Films that one instance decodes at the same time, each in a process of its own; more wait.',
  },
});

/** Token of the settings that {@link environment} describes. */
export const SETTINGS = Symbol('settings of medical-imaging');

export type FilmSettings = Pick<Settings<typeof environment>, 'maxReaders'>;

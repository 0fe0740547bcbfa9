import type { Feature } from '../../feature.ts';
import { forgetWords } from './store.ts';

export const survey: Feature = {
  name: 'survey',
  tables: {
    survey_answer: 'forgotten',
  },
  growth: {
    survey_answer: 'forever',
  },
  forget: { due: forgetWords },
  events: ['surveyed'],
};

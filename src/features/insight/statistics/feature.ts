import type { Feature } from '../../feature.ts';
import type { Statistics } from './service.ts';
import { figuresDue } from './views.ts';

export const statistics: Feature<{ statistics: Statistics }> = {
  name: 'statistics',
  tables: {
    figure_mark: 'nobody',
    figure_day: 'nobody',
    figure_item: 'nobody',
    figure_month: 'nobody',
    figure_item_month: 'nobody',
    figure_call: 'nobody',
    figure_other: 'nobody',
    open_month: 'nobody',
    open_figure: 'nobody',
    open_request_month: 'nobody',
    open_request_figure: 'nobody',
  },
  growth: {
    figure_mark: 'town',
    figure_day: 'forever',
    figure_item: 'forever',
    figure_month: 'forever',
    figure_item_month: 'forever',
    figure_call: 'forever',
    figure_other: 'forever',
    open_month: 'forever',
    open_figure: 'forever',
    open_request_month: 'forever',
    open_request_figure: 'forever',
  },
  auditActions: ['comments_read', 'comment_passed', 'comment_kept_back', 'figures_imported'],
  jobs: [
    {
      what: 'to make figures of what happened',
      everyMs: 60_000,
      due: figuresDue,
      run: ({ statistics }) => statistics.pass(),
    },
  ],
};

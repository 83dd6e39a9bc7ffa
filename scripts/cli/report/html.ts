import type { Locale } from '../../language/sentence.ts';
import type { Finding } from '../certify/finding.ts';
import type { CaseResult } from '../certify/rehearse.ts';
import { allFindings, type Certification, casePassed, conductPassed, shownIn, verdictOf } from '../certify/verdict.ts';
import { consoleSays } from '../checks/console-says.ts';
import type { Exchange } from '../conversation.ts';
import type { Say } from '../messages/index.ts';
import { maskBody, maskUrl } from './mask.ts';
import { STYLE } from './style.ts';
import { findingCauses, findingText, openApiText, roundText, shownText, sourceLines } from './words.ts';

/** Text that is no markup yet. */
const safe = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** The rehearsal as one page: no script, nothing loaded, login data masked. */
export function htmlReport(say: Say, locale: Locale, certification: Certification): string {
  const { kind, at, seed, orders, madeAt } = certification;
  const verdict = verdictOf(certification);
  const time = new Date(madeAt).toISOString().replace('T', ' ').slice(0, 19);
  const title = say('certify.title', { kind, at });
  return `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safe(title)}</title>
<style>${STYLE}</style>
<main>
<h1>${safe(title)}</h1>
<p class="soft">${safe(say('report.made', { time: `${time} UTC` }))} · ${safe(say('certify.seed', { orders, seed }))}</p>
<p class="verdict${verdict.good ? ' good' : ''}">${safe(say(verdict.id, { count: verdict.count, at }))}</p>
${openApiList(say, certification)}
<h2>${safe(say('report.findings'))}</h2>
${findingList(say, allFindings(certification))}
<h2>${safe(say('certify.cases'))}</h2>
${caseTable(say, certification)}
<h2>${safe(say('certify.conduct'))}</h2>
<p>${safe(
    say('certify.shown', {
      list: shownIn(certification)
        .map((one) => shownText(say, one))
        .join('; '),
    }),
  )}</p>
${conductTable(say, certification)}
<p class="soft">${safe(say('report.note'))}</p>
</main>
</html>
`;
}

function openApiList(say: Say, { openApis }: Certification): string {
  if (openApis.length === 0) return '';
  const items = openApis.map((one) => `<li>${one.state === 'done' ? '✓' : '○'} ${safe(openApiText(say, one))}</li>`);
  return `<h2>${safe(say('certify.open-apis'))}</h2><ul>${items.join('')}</ul>`;
}

function findingList(say: Say, findings: readonly Finding[]): string {
  if (findings.length === 0) return `<p class="good">${safe(say('report.none'))}</p>`;
  const items = findings.map((finding) => {
    const causes = findingCauses(say, finding)
      .map((cause) => `<li>${safe(cause)}</li>`)
      .join('');
    const source = sourceLines(say, finding)
      .map((line) => `<div class="soft">${safe(line)}</div>`)
      .join('');
    const mark = finding.severity === 'fail' ? 'bad' : 'warn';
    return `<li><span class="${mark}">${mark === 'bad' ? '✗' : '!'}</span> ${safe(findingText(say, finding))}${source}${causes && `<ul>${causes}</ul>`}</li>`;
  });
  return `<ul>${items.join('\n')}</ul>`;
}

function caseTable(say: Say, { cases, orders }: Certification): string {
  const rounds = ['alone', 'again', ...Array.from({ length: orders }, (_, index) => `order ${index + 1}`)];
  const head = rounds.map((round) => `<th>${safe(roundText(say, round))}</th>`).join('');
  return `<table><thead><tr><th>${safe(say('report.case'))}</th>${head}</tr></thead><tbody>${cases.map((one) => caseRow(say, one, rounds)).join('\n')}</tbody></table>`;
}

function caseRow(say: Say, result: CaseResult, rounds: readonly string[]): string {
  const { required, runs } = result;
  const marks = rounds.map((round) => {
    const run = runs.find((one) => one.round === round);
    if (run === undefined) return '<td class="mark soft">–</td>';
    const bad = run.findings.some(({ severity }) => severity === 'fail');
    return `<td class="mark ${bad ? 'bad' : 'good'}">${bad ? '✗' : '✓'}</td>`;
  });
  const shown = runs.find(({ findings }) => findings.some(({ severity }) => severity === 'fail')) ?? runs[0];
  const pill = `<span class="pill">${safe(say(`certify.${required.need}`))}</span>`;
  const console =
    shown === undefined
      ? ''
      : `<div class="soft">${safe(say('certify.console', { text: say(consoleSays(shown.exchange.judgement.checks)) }))}</div>`;
  const name = `<code>${safe(required.id)}</code> ${safe(say(`activity.${required.activity}`))}${pill}`;
  const detail = shown === undefined ? '' : exchangeDetails(say, [shown.exchange]);
  return `<tr><td class="${casePassed(result) ? '' : 'failed'}">${name}${console}${detail}</td>${marks.join('')}</tr>`;
}

function conductTable(say: Say, { conduct }: Certification): string {
  const rows = conduct.map((one) => {
    const good = conductPassed(one);
    const warned = one.findings.length > 0;
    const mark = good ? (warned ? '!' : '✓') : '✗';
    const list = warned ? findingList(say, one.findings) : '';
    return `<tr><td><code>${safe(one.id)}</code> <span class="pill">${safe(one.family)}</span>${list}${warned ? exchangeDetails(say, one.exchanges) : ''}</td><td class="mark ${good ? (warned ? 'warn' : 'good') : 'bad'}">${mark}</td></tr>`;
  });
  return `<table><tbody>${rows.join('\n')}</tbody></table>`;
}

function exchangeDetails(say: Say, exchanges: readonly Exchange[]): string {
  if (exchanges.length === 0) return '';
  const parts = exchanges.map(({ call, outcome }) => {
    const request = [
      `${call.method} ${maskUrl(call.url)}`,
      ...(call.body ? ['', maskBody(call.body.subarray(0, 4_000).toString('utf8'))] : []),
    ];
    const response =
      outcome.kind === 'failure'
        ? [`${say(`reason.${outcome.reason}`)} (${outcome.detail})`]
        : [
            `HTTP ${outcome.status} (${outcome.milliseconds} ms)`,
            ...Object.entries(outcome.headers).map(([name, value]) => `${name}: ${value}`),
            '',
            maskBody(outcome.body.subarray(0, 4_000).toString('utf8')),
          ];
    return `<pre>${safe(request.join('\n'))}</pre><pre>${safe(response.join('\n'))}</pre>`;
  });
  return `<details><summary>${safe(say('report.requests', { count: exchanges.length }))}</summary>${parts.join('')}</details>`;
}

/** The report's looks: one file, no script, light and dark, fit for print. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d8dee4;--paper:#fff;--card:#f6f8fa;--good:#1a7f37;--bad:#cf222e;--warn:#9a6700}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#8d96a0;--line:#30363d;--paper:#0d1117;--card:#161b22;--good:#3fb950;--bad:#f85149;--warn:#d29922}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2.25rem 0 .75rem}
.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.verdict{border:1px solid var(--line);border-left:.5rem solid var(--bad);background:var(--card);border-radius:.5rem;padding:1rem 1.25rem;margin:1.25rem 0;font-size:1.15rem;font-weight:600}
.verdict.good{border-left-color:var(--good);color:inherit}
table{width:100%;border-collapse:collapse}th,td{text-align:left;padding:.5rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th{white-space:nowrap;font-size:.8rem;font-weight:600;color:var(--soft)}td.mark{text-align:center;width:3.2rem;font-weight:700}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.6rem .75rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;margin:.35rem 0}
details{margin:.2rem 0}summary{cursor:pointer;color:var(--soft)}summary:focus-visible{outline:2px solid var(--ink)}
ul{margin:.3rem 0;padding-left:.2rem;list-style:none}ul ul{padding-left:1.4rem;color:var(--soft)}li{margin:.15rem 0}.pill{display:inline-block;font-size:.75rem;border:1px solid var(--line);border-radius:1rem;padding:0 .5rem;color:var(--soft);margin-left:.4rem}
body{overflow-wrap:anywhere}
@media(max-width:40rem){main{padding:1rem .8rem 3rem}th{white-space:normal;font-size:.7rem;overflow-wrap:anywhere}th,td{padding:.4rem .25rem}td.mark{width:1.9rem}}
@media print{details{display:none}}`;

"""Projects through the public JavaScript API: edited, planned, and rendered by FFmpeg in the page."""

from __future__ import annotations

RENDER = """async ([text, wishes]) => {
    const { Clipwright } = await import('/clipwright.js');
    const app = await Clipwright.start();
    const document = await app.readProject(text);
    const files = [...globalThis.document.querySelector('#file').files];
    document.sources[0].media = (await app.open(files[0])).source.id;
    if (files.length > 1) document.sources[1].media = (await app.open(files[1])).source.id;
    const results = [];
    for (const wish of wishes) {
        const progress = [];
        const plan = await app.planRender(document, wish);
        const result = await app.render(document, { ...wish, onProgress: ({ done }) => progress.push(done) });
        const { name, report } = result;
        await fetch('/kept/' + name, { method: 'PUT', body: await result.blob() });
        await result.release();
        results.push({ name, report, plan, progress });
    }
    await app.close();
    return results;
}"""

const clipper = document.querySelector('clip-wright');
const told = document.querySelector('#told');

clipper.addEventListener('complete', ({ detail }) => {
    told.textContent = `${detail.name}, ${detail.report.size} bytes`;
});
clipper.addEventListener('error', ({ detail }) => {
    told.textContent = `${detail.message} ${detail.hint}`;
});

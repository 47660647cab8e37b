// esbuild puts these files into the module that imports them, as text.
declare module '*.css' {
    const text: string;
    export default text;
}

declare module '*.py' {
    const text: string;
    export default text;
}

// Asks for /0, /1 and so on by Node's own client, and prints status and body of each, or "refused".
"use strict";

const http = require("http");

const port = Number(process.argv[2]);
const methods = process.argv[3].split(",");

function ask(number) {
    return new Promise((resolve) => {
        const request = http.request({ host: "127.0.0.1", port, path: `/${number}`, method: methods[number], agent: false });
        const refuse = () => resolve("refused");
        request.on("response", (response) => {
            const body = [];
            response.on("data", (piece) => body.push(piece));
            response.on("end", () => resolve(`${response.statusCode} ${Buffer.concat(body).toString("hex")}`));
            response.on("error", refuse);
            response.on("close", refuse); // which says nothing behind the end
        });
        request.on("upgrade", (response, socket) => {
            socket.destroy();
            resolve(`${response.statusCode} `);
        });
        request.on("error", refuse);
        request.on("close", () => setTimeout(refuse, 1000));
        request.end();
    });
}

async function main() {
    const lines = [];
    for (let start = 0; start < methods.length; start += 16) {
        const numbers = methods.slice(start, start + 16).map((_, at) => start + at);
        lines.push(...(await Promise.all(numbers.map(ask))));
    }
    console.log(lines.join("\n"));
}

main();

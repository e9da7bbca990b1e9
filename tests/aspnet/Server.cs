// Serves the ASP.NET application in the parent of this program's directory, on a free port of loopback, until the standard
// input ends. HttpListener does the HTTP, and System.Web all that is above it.
using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Web;
using System.Web.Hosting;

public class Server : MarshalByRefObject {
    public static void Main() {
        string directory = Path.GetDirectoryName(AppDomain.CurrentDomain.BaseDirectory.TrimEnd('/')) + "/";
        var server = (Server)ApplicationHost.CreateApplicationHost(typeof(Server), "/App", directory);
        Console.WriteLine("http://127.0.0.1:" + server.Start() + "/App");
        Console.In.ReadToEnd();
        Environment.Exit(0);
    }

    public override object InitializeLifetimeService() {
        return null; // it lives as long as the program
    }

    public int Start() {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var listener = new HttpListener();
        listener.Prefixes.Add("http://127.0.0.1:" + port + "/");
        listener.Start();
        new Thread(() => {
            for (;;) {
                HttpListenerContext context = listener.GetContext();
                ThreadPool.QueueUserWorkItem(_ => HttpRuntime.ProcessRequest(new Request(context)));
            }
        }) { IsBackground = true }.Start();
        return port;
    }
}

/// One request and its reply, between HttpListener and System.Web.
class Request : SimpleWorkerRequest {
    readonly HttpListenerContext context;

    public Request(HttpListenerContext context) : base("", context.Request.Url.Query.TrimStart('?'), null) {
        this.context = context;
        context.Response.SendChunked = true; // unless System.Web says how long the body is
    }

    public override string GetHttpVerbName() { return context.Request.HttpMethod; }
    // System.Web would make the chunks itself otherwise.
    public override string GetHttpVersion() { return "HTTP/1.0"; }
    public override string GetRawUrl() { return context.Request.RawUrl; }
    public override string GetUriPath() { return context.Request.Url.AbsolutePath; }
    // Without these, a path ends at its second slash.
    public override string GetFilePath() { return GetUriPath(); }
    public override string GetFilePathTranslated() { return MapPath(GetUriPath()); }
    public override string GetPathInfo() { return ""; }
    public override string GetKnownRequestHeader(int index) {
        return context.Request.Headers[GetKnownRequestHeaderName(index)];
    }
    public override string GetUnknownRequestHeader(string name) { return context.Request.Headers[name]; }
    public override string[][] GetUnknownRequestHeaders() {
        return Array.ConvertAll(
            Array.FindAll(context.Request.Headers.AllKeys, name => GetKnownRequestHeaderIndex(name) < 0),
            name => new[] { name, context.Request.Headers[name] });
    }
    public override int ReadEntityBody(byte[] buffer, int size) {
        return context.Request.InputStream.Read(buffer, 0, size);
    }

    public override void SendStatus(int code, string text) {
        context.Response.StatusCode = code;
        context.Response.StatusDescription = text;
    }
    public override void SendKnownResponseHeader(int index, string value) {
        SendUnknownResponseHeader(GetKnownResponseHeaderName(index), value);
    }
    public override void SendUnknownResponseHeader(string name, string value) {
        if (name == "Content-Length") {
            context.Response.SendChunked = false;
            context.Response.ContentLength64 = long.Parse(value);
        } else {
            context.Response.AppendHeader(name, value);
        }
    }
    public override void SendResponseFromMemory(byte[] data, int length) {
        context.Response.OutputStream.Write(data, 0, length);
    }
    public override void FlushResponse(bool finalFlush) { context.Response.OutputStream.Flush(); }
    public override void EndOfRequest() { context.Response.Close(); }
}

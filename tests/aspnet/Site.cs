// The doors of a Creatio site, built with what ASP.NET has for them. Nothing is stored: what happens hangs on the user.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security;
using System.Text;
using System.Web;
using System.Web.Script.Serialization;
using System.Web.Security;
using System.Web.SessionState;

abstract class Handler : IHttpHandler {
    public bool IsReusable { get { return false; } }

    protected HttpContext Context;
    protected HttpRequest Request { get { return Context.Request; } }
    protected HttpResponse Response { get { return Context.Response; } }

    public void ProcessRequest(HttpContext context) {
        Context = context;
        Answer();
    }

    protected abstract void Answer();

    protected Dictionary<string, object> Body() {
        using (var reader = new StreamReader(Request.InputStream, Encoding.UTF8)) {
            return new JavaScriptSerializer().Deserialize<Dictionary<string, object>>(reader.ReadToEnd());
        }
    }

    protected void Json(object value) {
        Response.ContentType = "application/json; charset=utf-8";
        Response.Write(new JavaScriptSerializer().Serialize(value));
    }
}

/// The login, and the change of a password. The password of each user is the user's name.
class Login : Handler {
    protected override void Answer() {
        Response.Cookies.Add(new HttpCookie("BPMLOADER", "hvzx0txb3pkbyzpjhrurwl4s") { HttpOnly = true });
        Dictionary<string, object> body = Body();
        var user = (string)body["UserName"];
        bool isChange = Request.Path.EndsWith("/DoChangePasswordLogin");
        if (user != (string)body["UserPassword"]) {
            Response.StatusCode = 401;
            Response.SuppressFormsAuthenticationRedirect = true;
            Json(new { Message = "Authentication failed.", StackTrace = (string)null,
                       ExceptionType = "System.InvalidOperationException" });
        } else if (user == "Locked") {
            Reject();
        } else if (!isChange || (string)body["NewUserPassword"] == (string)body["ConfirmUserPassword"]) {
            LetIn(user, user == "Advised" && !isChange);
        }
    }

    void LetIn(string user, bool isAdvised) {
        bool isPersistent = user == "Persistent";
        if (user == "Sliding") {
            // More than half of its time is over, so that the next request renews it.
            SetTicket(Context, user, DateTime.Now.AddMinutes(-700));
        } else {
            FormsAuthentication.SetAuthCookie(user, isPersistent);
        }
        if (user != "Tokenless") {
            Response.Cookies.Add(new HttpCookie("BPMCSRF", "bKk5lLVRm7XS0cm5y3uV4."));
        }
        string separator = isPersistent ? ", " : "|";
        string name = string.Join(separator, user.Select(letter => ((int)letter).ToString()));
        Response.Cookies.Add(new HttpCookie("UserName", name) { Expires = DateTime.Now.AddDays(365) });
        string url = isAdvised ? "/Login/ChangePassword.aspx?UserName=Advised" : null;
        Json(new { Code = isAdvised ? 2 : 0, Message = isAdvised ? "Срок действия пароля истекает" : "",
                   Exception = (object)null, PasswordChangeUrl = url, RedirectUrl = url, UserType = "General" });
    }

    public static void SetTicket(HttpContext context, string user, DateTime issued) {
        var ticket = new FormsAuthenticationTicket(2, user, issued, issued.AddMinutes(720), false, "");
        string value = FormsAuthentication.Encrypt(ticket);
        string path = FormsAuthentication.FormsCookiePath;
        context.Response.Cookies.Add(
            new HttpCookie(FormsAuthentication.FormsCookieName, value) { HttpOnly = true, Path = path });
    }

    /// A long stack trace comes before the code, in chunks.
    void Reject() {
        object exception = null;
        try {
            Deep(200);
        } catch (SecurityException error) {
            exception = new { error.HelpLink, error.InnerException, error.Message, error.StackTrace,
                              Type = error.GetType().FullName };
        }
        string json = new JavaScriptSerializer().Serialize(
            new { Exception = exception, Code = 1, Message = "Пользователь заблокирован \ud83d\udd12",
                  PasswordChangeUrl = (string)null, RedirectUrl = (string)null });
        Response.ContentType = "application/json; charset=utf-8";
        for (int start = 0; start < json.Length; start += 1000) {
            Response.Write(json.Substring(start, Math.Min(1000, json.Length - start)));
            Response.Flush();
        }
    }

    static void Deep(int depth) {
        if (depth == 0) {
            throw new SecurityException("Вход запрещён: \"C:\\Creatio\"");
        }
        Deep(depth - 1);
    }
}

/// Both answer: that of the application, and that of the loader at the root. To ASP.NET what is not said to be something else is
/// text/html.
class HealthCheck : Handler {
    protected override void Answer() {
        Response.Write("Pong");
    }
}

/// All that takes a session.
class Services : Handler, IRequiresSessionState {
    const string Id = "410006e1-ca4e-4502-a9ec-e54d922d2c00";
    static readonly object Contact = new { Id, Name = "Олена Шевченко" };

    protected override void Answer() {
        Context.Session["calls"] = 1 + (int)(Context.Session["calls"] ?? 0);
        HttpCookie token = Request.Cookies["BPMCSRF"];
        if (Request.HttpMethod != "GET" && (token == null || Request.Headers["BPMCSRF"] != token.Value)) {
            Response.StatusCode = 403;
            Json(new { Message = "CSRF" });
            return;
        }
        switch (Request.HttpMethod + Request.AppRelativeCurrentExecutionFilePath) {
        case "GET~/0/odata/Contact":
        case "HEAD~/0/odata/Contact":
            Json(new { value = new[] { Contact } });
            break;
        case "GET~/0/odata/Contact(" + Id + ")":
            Json(Contact);
            break;
        case "POST~/0/odata/Contact":
        case "POST~/0/odata/SysImage":
            Response.StatusCode = 201;
            Json(new { Id, Name = Body()["Name"] });
            break;
        case "PATCH~/0/odata/Contact(" + Id + ")":
        case "DELETE~/0/odata/Contact(" + Id + ")":
        case "DELETE~/0/odata/ContactFile(" + Id + ")":
        case "DELETE~/0/odata/SysImage(" + Id + ")":
            Response.StatusCode = 204;
            break;
        case "POST~/0/odata/$batch":
            Json(new { responses = new[] { new { id = "1", status = 200 } } });
            break;
        case "POST~/0/DataService/json/SyncReply/SelectQuery":
            Json(new { success = true, rows = new[] { Contact } });
            break;
        case "POST~/0/rest/FileApiService/UploadFile":
        case "PUT~/0/odata/SysImage(" + Id + ")/Data":
            Count();
            break;
        case "GET~/0/odata/Calls":
            Json(Context.Session["calls"]);
            break;
        case "GET~/0/odata/Large": // a million bytes in chunks
            Response.ContentType = "application/json";
            for (int i = 0; i < 100; i++) {
                Response.Write(new string((char)('0' + i % 10), 10000));
                Response.Flush();
            }
            break;
        case "GET~/0/odata/Failing":
            throw new InvalidOperationException("Something is wrong");
        case "POST~/0/ping":
            Response.Write("Pong");
            break;
        case "POST~/0/rest/End": // from now on, the ticket is one that has run out
            Login.SetTicket(Context, Context.User.Identity.Name, DateTime.Now.AddMinutes(-721));
            break;
        case "POST~/0/rest/MainMenuService/Logout":
            FormsAuthentication.SignOut();
            Context.Session.Abandon();
            Response.Write("Bye");
            break;
        default:
            Response.StatusCode = 404;
            break;
        }
    }

    /// Says how much has come, and of what.
    void Count() {
        int length = 0, sum = 0;
        for (int value; (value = Request.InputStream.ReadByte()) >= 0; length++) {
            sum = (sum + value) % 1000003;
        }
        Json(new { length, sum });
    }
}

<%@ Page Language="C#" %>
<!DOCTYPE html>
<html>
  <head><title>Login</title></head>
  <body><form runat="server"><input name="UserName" /></form></body>
</html>

/* What old scripts did to a page before anybody knew better. Each line was seen on real sites. */
Object.prototype.extend = function (more) { for (var name in more) this[name] = more[name]; return this; };
Array.prototype.each = function (visit) { for (var i = 0; i < this.length; i++) visit(this[i], i); };
Array.prototype.toJSON = function () { return '[' + this.join(',') + ']'; };
Array.from = function (iterable) { var made = []; for (var i = 0; i < iterable.length; i++) made.push(iterable[i]); return made; };
String.prototype.trim = function () { return $.trim(this); };
Function.prototype.bind = function (self) { var it = this; return function () { return it.apply(self, arguments); }; };
window.name = 'main';
window.status = '欢迎光临';
document.domainCheck = true;
$.ajaxSetup({ cache: false });
$(function () {
  $('a').live ? $('a').live('click', function () {}) : $('a').click(function () {});
  $('body').addClass('js').on('click keydown submit', 'form', function (event) { event.stopPropagation(); });
});
